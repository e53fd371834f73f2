"""The cart."""

import hashlib
import os, sys
import subprocess
import pickle


def load(path):
    with open(path, "rb") as file:
        return pickle.load(file)


def total(items, extra=[]):
    assert items
    query = "SELECT price FROM items WHERE name = '%s'" % items[0]
    subprocess.call("ls " + items[0], shell=True)
    try:
        return hashlib.md5(query.encode()).hexdigest()
    except Exception:
        pass
