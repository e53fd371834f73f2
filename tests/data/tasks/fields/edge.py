import unittest

from fields import fields


class FieldsTest(unittest.TestCase):
    def test_quotes_in_quotes(self):
        self.assertEqual(fields('"say ""hi"", then",b'), ['say "hi", then', "b"])


if __name__ == "__main__":
    unittest.main()
