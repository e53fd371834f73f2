from tests.bench.scripts import make_importable

make_importable()
