import unittest

from fields import fields


class FieldsTest(unittest.TestCase):
    def test_plain(self):
        self.assertEqual(fields("a,b,"), ["a", "b", ""])

    def test_quoted(self):
        self.assertEqual(fields('a,"b,c",d'), ["a", "b,c", "d"])


if __name__ == "__main__":
    unittest.main()
