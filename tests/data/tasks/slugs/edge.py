import unittest

from slugs import slug


class SlugsTest(unittest.TestCase):
    def test_nothing_left(self):
        self.assertEqual(slug("?!"), "untitled")


if __name__ == "__main__":
    unittest.main()
