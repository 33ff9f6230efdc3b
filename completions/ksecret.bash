# Completion of ksecret for bash. To load it: eval "$(ksecret completion bash)"

_ksecret() {
    COMPREPLY=()
    # bash splits words at the characters of COMP_WORDBREAKS too: what no blank divides is put together again.
    local line="${COMP_LINE:0:COMP_POINT}" word blanks
    local -a words=()
    for word in "${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
        blanks="${line%%[![:space:]]*}"
        line="${line#"$blanks"}"
        # The cursor may stand inside of the last word.
        [[ "$line" == "$word"* ]] || word="$line"
        line="${line:${#word}}"
        if [[ ${#words[@]} -eq 0 || -n "$blanks" ]]; then
            words+=("$word")
        else
            words[${#words[@]}-1]+="$word"
        fi
    done
    local typed="${words[${#words[@]}-1]}" quote="" i
    case "$typed" in
        \"*) quote='"' ;;
        \'*) quote="'" ;;
    esac
    for ((i = 0; i < ${#words[@]}; i++)); do
        word="${words[i]//[\"\'\\]/}"
        words[i]="${word/#\~\//$HOME/}"
    done
    local last="${words[${#words[@]}-1]}" program="${words[0]}"
    # An alias.
    type -P -- "$program" >/dev/null || program=ksecret

    # Words go through a pipe: other users can read arguments.
    local -a found=()
    while IFS= read -r line; do
        found+=("$line")
    done < <(printf '%s\0' "${words[@]:1}" | "$program" __completeNoDesc 2>/dev/null)
    [[ ${#found[@]} -gt 0 ]] || return 0
    local directive="${found[${#found[@]}-1]#:}"
    unset "found[${#found[@]}-1]"

    # Values of a flag come without it. What stands before the last = or : is not the shell's word, if that divides words.
    local flag="" cut="" breaks="" kind=file
    [[ "$last" == -*=* ]] && flag="${last%%=*}="
    [[ "$COMP_WORDBREAKS" == *=* ]] && breaks+="="
    [[ "$COMP_WORDBREAKS" == *:* ]] && breaks+=":"
    [[ -n "$breaks" && "$last" == *[$breaks]* ]] && cut="${last%"${last##*[$breaks]}"}"

    # bash 3.2, which macOS has, knows no compopt: files are looked up here, and a space follows where readline adds none.
    local old=""
    type -t compopt >/dev/null || old=yes

    if [[ ${#found[@]} -eq 0 ]]; then
        ((directive & 16)) && kind=directory
        if [[ -n "$old" || ( -z "$cut" && "$last" == *=* ) ]] && ! ((directive & 4)); then
            # readline would look for a file whose name begins with the flag.
            while IFS= read -r line; do
                [[ -d "$line" ]] && line+=/
                [[ -n "$quote" ]] || printf -v line %q "$line"
                word="${last%"${last##*=}"}$line"
                COMPREPLY+=("${word#"$cut"}")
            done < <(compgen -A "$kind" -- "${last##*=}")
        elif ((directive & 16)); then
            compopt -o dirnames 2>/dev/null
        elif ! ((directive & 4)); then
            compopt -o default -o bashdefault 2>/dev/null
        fi
    fi
    for word in ${found[@]+"${found[@]}"}; do
        word="$flag$word"
        [[ "$word" == "$last"* ]] || continue
        word="${word#"$cut"}"
        [[ -n "$quote" || "$word" != *[!A-Za-z0-9_./:=@%+,-]* ]] || printf -v word %q "$word"
        COMPREPLY+=("$word")
    done
    [[ ${#COMPREPLY[@]} -eq 1 ]] || return 0
    if [[ "${COMPREPLY[0]}" == *[=/,.] ]]; then
        [[ -n "$old" ]] || compopt -o nospace 2>/dev/null
    elif [[ -n "$old" && -z "$quote" ]]; then
        COMPREPLY[0]+=" "
    fi
}

if type -t compopt >/dev/null; then
    complete -F _ksecret ksecret
else
    complete -o nospace -F _ksecret ksecret
fi
