#compdef __NAME__
# Completion of __NAME__ for zsh. To load it: source <(__NAME__ completion zsh), or put it into a directory of $fpath as ___NAME__

___NAME__() {
    local program="${(Q)words[1]}" line text about directive=4
    program="${program/#\~\//$HOME/}"
    # An alias.
    whence -p -- "$program" >/dev/null || program=__NAME__
    local -a typed spaced open
    typed=("${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}")
    typed=("${(@)typed/#\~\//$HOME/}")

    # Words go through a pipe: other users can read arguments.
    for line in "${(@f)$(printf '%s\0' "${(@)typed}" | "$program" __complete 2>/dev/null)}"; do
        case "$line" in
            ('') ;;
            (:<->) directive="${line#:}" ;;
            (*)
                text="${line%%$'\t'*}"
                about="${${line#"$text"}#$'\t'}"
                text="${text//\\/\\\\}"
                line="${text//:/\\:}${about:+:$about}"
                case "$text" in
                    (*[=/,.]) open+=("$line") ;;
                    (*) spaced+=("$line") ;;
                esac
                ;;
        esac
    done

    # Values of a flag come without it.
    [[ "$PREFIX" == -*=* ]] && compset -P 1 '*='
    if (( $#spaced + $#open )); then
        _describe -t candidates '__NAME__' spaced -- open -S ''
    elif (( directive & 16 )); then
        _path_files -/
    elif (( ! (directive & 4) )); then
        compset -P '*='
        _files
    else
        return 1
    fi
}

if [ "$funcstack[1]" = "___NAME__" ]; then
    ___NAME__ "$@"
else
    compdef ___NAME__ __NAME__
fi
