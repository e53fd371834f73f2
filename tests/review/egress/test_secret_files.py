"""Which files leave the machine in no part, by their names."""

import pytest

from xreview.review.egress.secret_files import is_secret_file


@pytest.mark.parametrize(
    "path",
    [
        ".netrc",
        "home/.netrc",
        ".npmrc",
        "web/.npmrc",
        ".pypirc",
        ".git-credentials",
        ".env",
        ".ENV",
        "api/.env.production",
        "terraform.tfstate",
        "infra/terraform.tfstate.backup",
        "infra/prod.tfvars",
        "infra/prod.auto.tfvars.json",
        "config/secrets.yml",
        "config/Secrets.yaml",
        "credentials",
        ".aws/credentials",
        ".aws/config",
        "deploy/id_rsa",
        "deploy/id_ed25519",
        "deploy/id_deploy",
        "tls/server.pem",
        "tls/server.KEY",
        "a/b.p12",
        "a/b.pfx",
        "a/b.jks",
        "a/b.keystore",
        ".htpasswd",
        "kubeconfig",
        "k8s/prod.kubeconfig",
        "ci/.docker/config.json",
        ".docker/config.json",
        "gcp/acme-service-account.json",
        "client_secret_123.json",
    ],
)
def test_it_is_withheld(path: str) -> None:
    assert is_secret_file(path)


@pytest.mark.parametrize(
    "path",
    [
        ".env.example",
        "src/secrets.py",
        "src/id_generator.py",
        "id_utils/main.py",
        "deploy/id_rsa.pub",
        "src/credentials.py",
        "docker/config.json",
        "docs/secrets.md",
        "src/keystore.go",
        "src/netrc.py",
        "README.md",
        "",
    ],
)
def test_it_is_read(path: str) -> None:
    assert not is_secret_file(path)
