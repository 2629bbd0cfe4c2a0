/* The python3 command of the server image, on libpython3.13.so: https://docs.python.org/3/c-api/veryhigh.html */
#include <Python.h>

int main(int argc, char **argv)
{
    return Py_BytesMain(argc, argv);
}
