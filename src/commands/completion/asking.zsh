
# Words of the fallback: it is asked if KSECRET_FALLBACK names one, and alone if the verb is not ours.
___NAME__() {
    local program="$words[1]" line ret=1
    local -a typed asked
    typed=("${(@)words[2,CURRENT]}")
    if [[ -z "${KSECRET_FALLBACK:-}" || $#typed -lt 2 || "$typed[1]" == -* || " __VERBS__ " == *" $typed[1] "* ]]; then
        ___NAME___own "$@"
        ret=$?
    fi
    [[ -n "${KSECRET_FALLBACK:-}" ]] || return ret
    for line in "${(@f)$("$program" __complete "${(@)typed}" 2>/dev/null)}"; do
        case "$line" in
            (:<->|_activeHelp_*|'') ;;
            (*) asked+=("${line%%$'\t'*}") ;;
        esac
    done
    (( $#asked )) && compadd -a asked && ret=0
    return ret
}
