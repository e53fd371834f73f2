"""Whether the shared journal's commits are signed: the user's own configuration alone says so."""

from dataclasses import dataclass

from xreview.repo.hardened.settings import GitSettings

_WANTED = "commit.gpgsign"
_KEY = "user.signingkey"


@dataclass(frozen=True, slots=True)
class Signing:
    """Whether to sign, and sentences about what the repository asked for in vain."""

    is_wanted: bool
    notices: tuple[str, ...] = ()


def signing_of(settings: GitSettings) -> Signing:
    """What holds. A program or key that the repository names is not used, and that is said."""
    own = settings.users_own
    is_wanted = own.is_true(_WANTED)
    notices: list[str] = []
    if settings.is_true(_WANTED) and not is_wanted:
        notices.append(
            "The repository's configuration asks for signed commits; only yours decides that, "
            "and it does not: the journal's commit is not signed."
        )
    if is_wanted:
        ignored = [
            setting.key
            for setting in settings.settings
            if setting.is_from_repository
            and (setting.key == _KEY or setting.key.startswith("gpg."))
            and setting.value != own.last(setting.key)
        ]
        if ignored:
            notices.append(
                "Signed as your own configuration says; the repository's is not used "
                f"({', '.join(dict.fromkeys(ignored))})."
            )
    return Signing(is_wanted, tuple(notices))
