"""The code of the tasks, a folder for each subject; a folder imports from those below it only."""
