
# Words of the fallback: it is asked if KSECRET_FALLBACK names one.
function __fish___NAME___fallback
    set -q KSECRET_FALLBACK; and test -n "$KSECRET_FALLBACK"; or return
    set -l typed (commandline -opc)
    set -l last (commandline -ct)
    test (count $last) -gt 0; or set last ''
    $typed[1] __complete $typed[2..-1] $last[1] 2>/dev/null | string match -v -r '^(:[0-9]|_activeHelp_)'
end

complete -c __NAME__ -a '(__fish___NAME___fallback)'
