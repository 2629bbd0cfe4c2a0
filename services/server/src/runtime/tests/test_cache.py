"""The cache that the workers share, on a stand-in for uWSGI's: its functions as its documentation tells them."""

import pytest

from runtime import cache
from runtime.cache import NUMBER, SharedCache


class Memory(dict):
    """A stand-in for uWSGI's cache, without expiry: https://uwsgi-docs.readthedocs.io/en/latest/PythonModule.html"""

    locked = 0

    def cache_get(self, key):
        return self.get(key)

    def cache_update(self, key, value, seconds):
        self[key], self.seconds = value, seconds

    def cache_set(self, key, value, seconds):
        if key in self:
            return None
        self.cache_update(key, value, seconds)
        return True

    def cache_inc(self, key, delta):
        assert self.locked == 1
        self[key] = NUMBER.pack(self.cache_num(key) + delta)

    def cache_num(self, key):
        return NUMBER.unpack(self.get(key, NUMBER.pack(0)))[0]

    def cache_del(self, key):
        return self.pop(key, None) and True

    def cache_clear(self):
        self.clear()

    def lock(self):
        self.locked += 1

    def unlock(self):
        self.locked -= 1


@pytest.fixture
def memory(monkeypatch):
    memory = Memory()
    monkeypatch.setattr(cache, "uwsgi", memory)
    return memory


@pytest.fixture
def shared(memory):
    return SharedCache("", {})


# The number 2**30 is pickled to eight bytes, as many as a number has that uWSGI counts.
@pytest.mark.parametrize("value", [0, -1, 2**40, True, None, "text", b"8 bytes.", {"a": [1]}, [2**30], 1.5], ids=repr)
def test_value_comes_back(shared, value):
    shared.set("key", value)
    assert shared.get("key", "default") == value


@pytest.mark.parametrize("size", range(1, 20))
def test_pickle_of_any_length_is_told_from_a_number(shared, size):
    shared.set("key", b"x" * size)
    assert shared.get("key") == b"x" * size


def test_missing_key_gives_the_default(shared):
    assert shared.get("key", "default") == "default"


def test_add_keeps_what_is_there(shared):
    assert (shared.add("key", 1), shared.add("key", 2), shared.get("key")) == (True, False, 1)


def test_incr_counts_under_the_lock(shared, memory):
    assert [shared.incr("key"), shared.incr("key", 4)] == [1, 5]
    assert memory.locked == 0


def test_lock_is_given_back_after_a_failure(shared, memory, monkeypatch):
    monkeypatch.setattr(memory, "cache_num", None)
    with pytest.raises(TypeError):
        shared.incr("key")
    assert memory.locked == 0


def test_deleted_key_is_gone(shared):
    shared.set("key", 1)
    assert (shared.delete("key"), shared.delete("key"), shared.get("key")) == (True, False, None)


def test_cleared_cache_is_empty(shared):
    shared.set("key", 1)
    shared.clear()
    assert shared.get("key") is None


@pytest.mark.parametrize(("timeout", "seconds"), [(None, 0), (7, 7), (0.5, 1), (-1, 1)])
def test_timeout_is_in_whole_seconds(shared, memory, timeout, seconds):
    shared.set("key", 1, timeout)
    assert memory.seconds == seconds


def test_timeout_has_a_default(shared, memory):
    shared.set("key", 1)
    assert memory.seconds == 300
