"""Every kind of secret that people put into files is found; what only looks like one is not."""

# ruff: noqa: E501

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mnemonic import Mnemonic

from xreview.review.egress.secrets import find_secrets

# The path, and what stands in the file; all invented or from public documentation.
FOUND = (
    ("deploy.sh", "export DB_PASSWORD=tr0ub4dor-3x"),
    ("deploy.sh", "DB_PASSWORD=tr0ub4dor-3x ./run"),
    ("deploy.sh", "export API_TOKEN=Zq3R8vXk1LmT0p"),
    ("Dockerfile", "ENV DB_PASSWORD=tr0ub4dor-3x"),
    ("Dockerfile", "ENV DB_PASSWORD tr0ub4dor-3x"),
    ("Makefile", "DB_PASSWORD := tr0ub4dor-3x"),
    (
        "app.cs",
        'var c = "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYg==;EndpointSuffix=core.windows.net";',
    ),
    (
        "appsettings.json",
        '"Db": "Server=tcp:db,1433;User ID=sa;Password=tr0ub4dor-3x;Encrypt=true"',
    ),
    ("app.config", '<add name="x" connectionString="Server=db;Uid=sa;Pwd=Correct7Horse;" />'),
    ("app.cs", 'string c = "Host=db;Username=me;Password=correcthorse9";'),
    ("api.http", "Authorization: Basic YWRtaW46aHVudGVyMi1sb25n"),
    ("curl.sh", "curl -H 'Authorization: Basic YWRtaW46aHVudGVyMi1sb25n' https://x"),
    ("curl.sh", "curl -H 'Authorization: Bearer Zq3R8vXk1LmT0pWd7YbNc5HsJ2g' https://x"),
    ("curl.sh", "curl -u admin:hunter2long https://x"),
    ("curl.sh", "mysql -u root -phunter2long db"),
    ("a.txt", "https://bob:hunter2long@host.example/x"),
    ("a.py", "url = 'postgres://bob:hunter2long@db/x'"),
    ("a.md", "redis://:hunter2long@cache:6379/0"),
    ("k.yml", "password:\n  tr0ub4dor-3x"),
    ("k.yml", "password: >-\n  tr0ub4dor-3x"),
    ("k.yml", "env:\n  - name: DB_PASSWORD\n    value: tr0ub4dor-3x"),
    ("k.json", '{"password":\n  "tr0ub4dor-3x"}'),
    ("k.json", '{"name": "DB_PASSWORD",\n  "value": "tr0ub4dor-3x"}'),
    ("k.py", 'login(\n  password=\n  "tr0ub4dor-3x",\n)'),
    ("k.yml", "args:\n - --password\n - tr0ub4dor-3x"),
    ("k.json", '"args": [\n "--password",\n "tr0ub4dor-3x"]'),
    ("c.http", "Cookie: sessionid=38afes7a8wjx92ldkqp03mx; csrftoken=abc"),
    ("c.http", "Set-Cookie: JSESSIONID=1A530637289A03B07199A44E8D531427; Path=/"),
    ("c.py", "cookies = {'sessionid': '38afes7a8wjx92ldkqp03mx'}"),
    ("w.txt", "legal winner thank year wave sausage worth useful legal winner thank yellow"),
    (
        "w.py",
        "MNEMONIC = 'letter advice cage absurd amount doctor acoustic avoid letter advice cage above'",
    ),
    ("w.txt", "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ"),
    ("w.txt", "KwdMAjGmerYanjeui5SHS7JkmpZvVipYvB2LJGU1ZxJwYvP98617"),
    ("w.py", "PRIVATE_KEY = '4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318'"),
    ("w.py", "private_key = 0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318"),
    (
        "w.txt",
        "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi",
    ),
    ("t.txt", "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"),
    ("t.py", "bot = Bot('110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw')"),
    ("t.txt", "xoxb-123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx"),
    ("t.txt", "xoxp-123456789012-1234567890123-1234567890123-abcdef0123456789abcdef0123456789"),
    ("t.txt", "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"),
    ("t.py", "client.run('MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs')"),
    ("t.txt", "https://hooks.slack.com/services/T00000000/B00000000/XqXzXmXnXoXpXqXrXsXtXuXv"),
    (
        "t.txt",
        "https://discord.com/api/webhooks/123456789012345678/"
        "abcDEF_ghi-jklMNOpqrSTUvwxYZ0123456789abcDEF_ghi-jklMNOpqrSTUvwxYZ01",
    ),
    (
        "j.txt",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
        "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
    ),
    (
        "j.txt",
        "cookie: auth=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
        "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
    ),
    (".netrc", "machine api.example.com login bob password hunter2long"),
    ("n.txt", "machine api.example.com login bob password hunter2long"),
    ("n.ini", "//registry.npmjs.org/:_authToken=npm_Zq3R8vXk1LmT0pWd7YbNc5HsJ2gFaE9uQi4o"),
    ("x.tf", '  password = "tr0ub4dor-3x"'),
    ("x.xml", "<password>tr0ub4dor-3x</password>"),
    ("x.go", 'Password: "tr0ub4dor-3x",'),
    ("x.js", "const dbPassword = 'tr0ub4dor-3x'"),
    ("x.java", 'String password = "tr0ub4dor-3x";'),
    ("x.kt", 'setPassword("tr0ub4dor-3x")'),
    ("x.py", 'connect("db", passwd="tr0ub4dor-3x")'),
    ("x.sql", "CREATE USER bob WITH PASSWORD 'tr0ub4dor-3x';"),
    ("x.sql", "IDENTIFIED BY 'tr0ub4dor-3x'"),
    ("x.ps1", '$password = "tr0ub4dor-3x"'),
    ("x.ps1", '$env:DB_PASSWORD = "tr0ub4dor-3x"'),
    ("msg.txt", "The password is tr0ub4dor-3x"),
    ("msg.txt", "password: tr0ub4dor-3x"),
    ("x.yml", "AWS_SECRET_ACCESS_KEY: wJalrXUtnFEMI/K7MDENG/bPxRfiCYzQ7mNoPqRs"),
    ("x.sh", "export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYzQ7mNoPqRs"),
    ("x.txt", "htpasswd: bob:$apr1$Zq3R8vXk$LmT0pWd7YbNc5HsJ2gFaE9"),
    ("x.bat", "set DB_PASSWORD=tr0ub4dor-3x"),
    ("x.fish", "set -x DB_PASSWORD tr0ub4dor-3x"),
)

NOT_FOUND = (
    ("x.sh", "export DB_PASSWORD=$1"),
    ("x.sh", 'export DB_PASSWORD="${DB_PASSWORD:-}"'),
    ("x.sh", "export DB_PASSWORD=$(pass show db)"),
    ("x.sh", "read -s PASSWORD"),
    ("x.sh", "export TOKEN=<your token>"),
    ("x.yml", "password: ${{ secrets.DB_PASSWORD }}"),
    ("x.yml", "password: {{ vault_password }}"),
    ("x.yml", "password: changeme"),
    ("x.yml", "password:"),
    ("x.yml", "password: ''"),
    ("x.py", 'password = os.environ["DB_PASSWORD"]'),
    ("x.py", "password = input()"),
    ("x.py", "password = getpass.getpass()"),
    ("x.py", "password=None"),
    ("x.py", "token = response.json()['token']"),
    ("x.py", 'password = "changeme"'),
    ("x.py", 'PASSWORD = "password"'),
    ("x.py", 'api_key = "your-api-key-here"'),
    ("x.py", 'token = "xxxxxxxx"'),
    ("x.js", "const password = process.env.DB_PASSWORD;"),
    ("x.js", "password: req.body.password,"),
    (
        "package-lock.json",
        '"integrity": "sha512-v2kDEe57lecTulaDIuNTPy3Ry4gLGJ6Z1O3vE1krgXZNrsQ+LFTGHVxVjcXPs17LhbZVGedAJv8XZ1tvj5FvSg=="',
    ),
    (
        "yarn.lock",
        "  integrity sha512-v2kDEe57lecTulaDIuNTPy3Ry4gLGJ6Z1O3vE1krgXZNrsQ+LFTGHVxVjcXPs17LhbZVGedAJv8XZ1tvj5FvSg==",
    ),
    (
        "uv.lock",
        'sdist = { url = "https://files.pythonhosted.org/packages/aa/bb/x.tar.gz", hash = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", size = 1 }',
    ),
    ("go.sum", "github.com/x/y v1.0.0 h1:Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE="),
    ("Cargo.lock", 'checksum = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"'),
    ("x.py", 'ID = "123e4567-e89b-12d3-a456-426614174000"'),
    ("x.txt", "commit 4c0883a69102937d6231471b5dbb6204fe512961"),
    ("x.py", "if not password:"),
    ("x.py", "def login(user, password):"),
    ("x.py", "    password: str"),
    ("x.md", "Set the password in the environment."),
    ("x.md", "Authorization: Basic <credentials>"),
    ("x.md", "Authorization: Bearer $TOKEN"),
    ("x.md", "https://user:password@example.com"),
    ("x.md", "https://user:pass@host/"),
    ("x.html", '<input type="password" name="password">'),
    ("x.cs", '"Server=db;User ID=sa;Password={0};"'),
    ("x.cs", '"Server=db;Password=${DB_PASSWORD};"'),
    ("x.txt", "the quick brown fox jumps over the lazy dog and then sleeps all day"),
    ("x.go", 'h.Set("Authorization", "Basic "+encoded)'),
    ("x.py", "headers['Cookie'] = cookie"),
    ("x.yml", "env:\n  - name: DB_PASSWORD\n    valueFrom:\n      secretKeyRef: x"),
    ("x.yml", "env:\n  - name: DB_PASSWORD\n    value: $(DB_PASSWORD)"),
    ("x.yml", "password:\n  type: string\n  description: the password"),
    ("x.json", '{"password": {\n "type": "string"}}'),
    ("x.ts", "interface X { password: string; token: string }"),
    ("x.py", "assert secret == expected_secret"),
    ("x.py", 'raise Bad("password must not be empty")'),
    ("x.py", "key = 'primary_key'"),
    ("x.py", "monkey = 'see'"),
    ("x.py", "for key, value in items:"),
    ("x.css", "color: #4c0883;"),
    ("x.py", "token_count = 4096"),
    ("x.py", "max_tokens=16000"),
    ("x.rs", "let password = rpassword::read_password()?;"),
    ("x.py", "sha = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'"),
    ("x.py", "class PasswordField(Field):"),
    ("x.py", "from x.tokens import tokens_in"),
    ("x.py", "tokens = sum(map(tokens_in, texts))"),
    ("x.py", '_KEY_BEGINS, _KEY_ENDS = "PRIVATE KEY", "-----END"'),
)


@pytest.mark.parametrize(("path", "text"), FOUND)
def test_it_is_found_where_it_stands(path: str, text: str) -> None:
    before = "first = 1\n"
    rows = text.split("\n")
    secret = 2 + max(index for index, row in enumerate(rows) if len(row.strip()) > 3)

    assert secret in find_secrets(f"{before}{text}\nlast = 2\n", path).lines


@pytest.mark.parametrize(("path", "text"), NOT_FOUND)
def test_it_is_left_alone(path: str, text: str) -> None:
    assert not find_secrets(f"first = 1\n{text}\nlast = 2\n", path).lines


def test_a_file_that_is_only_a_key_is_found() -> None:
    key = "0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318"

    assert find_secrets(f"{key}\n", "deployer").lines == {1}


@pytest.mark.parametrize("length", [12, 15, 18, 21, 24])
@pytest.mark.parametrize("form", ["{word} ", "{word}, ", '"{word}",\n', "{number}. {word}\n"])
def test_the_words_of_a_wallet_are_found(length: int, form: str) -> None:
    words = Mnemonic("english").to_mnemonic(bytes(range(1, length * 4 // 3 + 1))).split()
    assert len(words) == length
    text = "".join(form.format(word=word, number=n) for n, word in enumerate(words, 1)).strip()
    rows = text.count("\n") + 1

    assert find_secrets(f"before\n{text}\nafter\n", "notes.md").lines == set(range(2, rows + 2))


def test_words_without_the_checksum_are_no_wallet() -> None:
    text = "legal winner thank year wave sausage worth useful legal winner thank thank"

    assert not find_secrets(text, "notes.md").lines


def test_the_list_of_words_is_no_wallet() -> None:
    assert not find_secrets("\n".join(Mnemonic("english").wordlist), "english.txt").lines


def test_the_middle_of_a_key_block_is_found() -> None:
    key = subprocess.run(
        ["openssl", "genrsa", "2048"], capture_output=True, text=True, check=True
    ).stdout
    middle = "\n".join(key.split("\n")[5:9])

    assert find_secrets(middle, "deploy.txt").lines == {1, 2, 3, 4}


@given(st.text(alphabet=st.sampled_from("ab \n=:\"'{}[]<>pasword1xtoken"), max_size=400))
@settings(max_examples=50, deadline=None)
def test_any_text_is_looked_through(text: str) -> None:
    found = find_secrets(text, "settings.yml")

    assert all(1 <= line <= text.count("\n") + 1 for line in found.lines)
    assert all(value in text for value in found.values)
