"""The completion script for each shell.

Branch names come from the repository and can contain shell code, so the scripts only compare and
quote them, and never expand them (bash's `compgen -W` expands its words, so it gets none).
"""

from collections.abc import Callable, Iterable

from xreview.cli.completion import CompletionCommand, Option, Values, commands

_PROGRAMS = ("xreview-tui", "git-xreview")
_REFS = "git for-each-ref '--format=%(refname:short)' 2>/dev/null"


def script(shell: str) -> str:
    """Return the script for "bash", "zsh" or "fish"."""
    return _SCRIPTS[shell](commands())


# bash


def _bash(model: tuple[CompletionCommand, ...]) -> str:
    top, below = model[0], model[1:]
    names = [command.name for command in below]
    flags = " ".join(name for option in top.options if option.takes_value for name in option.names)
    cases = "\n".join(_bash_case(command, names if command is top else ()) for command in model)
    return f"""\
# bash completion for xreview-tui

_xreview_tui_refs() {{
    local ref before= begun=$1
    if [[ $begun == *..* ]]; then before=${{begun%..*}}..; begun=${{begun##*..}}; fi
    while IFS= read -r ref; do
        [[ $ref == "$begun"* ]] && COMPREPLY+=("$before$(printf %q "$ref")")
    done < <({_REFS})
}}

_xreview_tui_paths() {{
    local path
    while IFS= read -r path; do
        COMPREPLY+=("$path")
    done < <(compgen "$1" -- "$2")
    compopt -o filenames 2>/dev/null
}}

_xreview_tui() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}}
    local command= word index takes_value=
    COMPREPLY=()
    if [[ $current == = ]]; then
        current=
    elif [[ $previous == = ]]; then
        previous=${{COMP_WORDS[COMP_CWORD-2]}}
    fi
    for ((index = 1; index < COMP_CWORD; index++)); do
        word=${{COMP_WORDS[index]}}
        if [[ $word == = ]]; then takes_value=1; continue; fi
        if [[ -n $takes_value ]]; then takes_value=; continue; fi
        case $word in
            {_alternatives(flags.split())}) takes_value=1 ;;
            {_alternatives(names)}) command=$word; break ;;
        esac
    done
    case $command in
{cases}
    esac
}}

_git_xreview() {{ _xreview_tui; }}

complete -F _xreview_tui {" ".join(_PROGRAMS)}
"""


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(words)


def _bash_case(command: CompletionCommand, names: Iterable[str]) -> str:
    values = "\n".join(
        f"                {_alternatives(option.names)}) {_bash_values(option)}; return ;;"
        for option in command.options
        if option.takes_value
    )
    options = " ".join(name for option in command.options for name in option.names)
    words = " ".join((*names, *command.words))
    pattern = command.name or "''"
    lines = [f"        {pattern})"]
    if values:
        lines += ["            case $previous in", values, "            esac"]
    lines += [
        "            if [[ $current == -* ]]; then",
        f"                COMPREPLY=($(compgen -W '{options}' -- \"$current\"))",
        "            else",
        f"                COMPREPLY=($(compgen -W '{words}' -- \"$current\"))",
        "            fi ;;",
    ]
    return "\n".join(lines)


def _bash_values(option: Option) -> str:
    if option.words:
        return f"COMPREPLY=($(compgen -W '{' '.join(option.words)}' -- \"$current\"))"
    return {
        Values.FILE: '_xreview_tui_paths -f "$current"',
        Values.FOLDER: '_xreview_tui_paths -d "$current"',
        Values.REVISION: '_xreview_tui_refs "$current"',
    }.get(option.values, ":")


# zsh


def _zsh(model: tuple[CompletionCommand, ...]) -> str:
    top, below = model[0], model[1:]
    described = "\n".join(
        f"        {_single(f'{command.name}:{_zsh_text(command.help)}')}" for command in below
    )
    cases = "\n".join(
        f"        {command.name}) _arguments -s {_zsh_arguments(command)} ;;" for command in below
    )
    return f"""\
#compdef {" ".join(_PROGRAMS)}

_xreview_tui_refs() {{
    local -a refs
    refs=("${{(@f)$({_REFS})}}")
    compadd -a refs
}}

_xreview_tui() {{
    local curcontext="$curcontext" state line
    local -a commands
    commands=(
{described}
    )
    _arguments -s -C {_zsh_arguments(top)} \\
        '1: :->command' '*:: :->rest'
    case $state in
        command) _describe -t commands command commands ;;
        rest) case $line[1] in
{cases}
        esac ;;
    esac
}}

if [[ $funcstack[1] == _xreview-tui ]]; then
    _xreview_tui "$@"
else
    compdef _xreview_tui {" ".join(_PROGRAMS)}
fi
"""


def _zsh_arguments(command: CompletionCommand) -> str:
    parts = [_zsh_option(option, name) for option in command.options for name in option.names]
    if command.words:
        parts.append(_single(f"1: :({' '.join(command.words)})"))
    return " ".join(f"\\\n            {part}" for part in parts)


def _zsh_option(option: Option, name: str) -> str:
    help = f"[{_zsh_text(option.help)}]"
    if not option.takes_value:
        return _single(name + help)
    text = f"{name}{'=' if name.startswith('--') else ''}{help}"  # `=`: "--x y" and "--x=y"
    if option.words:
        return _single(f"{text}: :({' '.join(option.words)})")
    action = {
        Values.FILE: "_files",
        Values.FOLDER: "_files -/",
        Values.REVISION: "_xreview_tui_refs",
    }.get(option.values, " ")
    return _single(f"{text}: :{action}")


def _zsh_text(text: str) -> str:
    for character in "\\[]:":
        text = text.replace(character, f"\\{character}")
    return text


def _single(text: str) -> str:
    """Quote for a POSIX shell."""
    return "'" + text.replace("'", "'\\''") + "'"


# fish


def _fish(model: tuple[CompletionCommand, ...]) -> str:
    top, below = model[0], model[1:]
    rows = ["# fish completion for xreview-tui"]
    names = " ".join(command.name for command in below)
    for program in _PROGRAMS:
        none = f"not __fish_seen_subcommand_from {names}"
        rows.append(f"complete -c {program} -f")
        rows += [
            f"complete -c {program} -n {_fish_text(none)} -a {command.name}"
            f" -d {_fish_text(command.help)}"
            for command in below
        ]
        rows += _fish_options(program, none, top)
        for command in below:
            seen = f"__fish_seen_subcommand_from {command.name}"
            rows += _fish_options(program, seen, command)
            if command.words:
                words = _fish_text(" ".join(command.words))
                rows.append(f"complete -c {program} -n {_fish_text(seen)} -a {words}")
    return "\n".join(rows) + "\n"


def _fish_options(program: str, condition: str, command: CompletionCommand) -> list[str]:
    rows: list[str] = []
    for option in command.options:
        spelled = " ".join(
            f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names
        )
        row = f"complete -c {program} -n {_fish_text(condition)} {spelled}"
        if option.words:
            row += f" -x -a {_fish_text(' '.join(option.words))}"
        elif option.takes_value:
            row += {
                Values.FILE: " -r -F",
                Values.FOLDER: " -x -a '(__fish_complete_directories)'",
                Values.REVISION: f' -x -a "({_REFS})"',
            }.get(option.values, " -x")
        rows.append(f"{row} -d {_fish_text(option.help)}")
    return rows


def _fish_text(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


_SCRIPTS: dict[str, Callable[[tuple[CompletionCommand, ...]], str]] = {
    "bash": _bash,
    "zsh": _zsh,
    "fish": _fish,
}
