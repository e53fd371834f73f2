"""How the forges print what is said on a pull request: their JSON as `domain.pull.discussion`.

The clients in `forge` and the files of `--import` share these readers.
"""
