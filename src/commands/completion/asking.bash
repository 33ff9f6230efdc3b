
# Words of the fallback: it is asked if KSECRET_FALLBACK names one, and alone if the verb is not ours.
___NAME__() {
    ___NAME___own "$@"
    [[ -n "${KSECRET_FALLBACK:-}" ]] || return 0
    if [[ ${COMP_CWORD} -gt 1 && "${COMP_WORDS[1]}" != -* && " __VERBS__ " != *" ${COMP_WORDS[1]} "* ]]; then
        COMPREPLY=()
    fi
    local line known=" ${COMPREPLY[*]} "
    while IFS= read -r line; do
        line="${line%%$'\t'*}"
        case "${line}" in
            :[0-9]* | _activeHelp_* | "") ;;
            *) [[ "${known}" == *" ${line} "* ]] || COMPREPLY+=("${line}") ;;
        esac
    done < <("${COMP_WORDS[0]}" __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
