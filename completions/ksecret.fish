# Completion of ksecret for fish. To load it: ksecret completion fish | source

function __fish_ksecret_complete
    set -l typed (commandline -opc)
    set -l last (commandline -ct)
    set -l program (string replace -r '^~/' "$HOME/" -- $typed[1])
    set -l known (string replace -r '^~/' "$HOME/" -- $typed[2..-1])
    # An alias is a function.
    command -q -- $program; or set program ksecret

    # Words go through a pipe: other users can read arguments.
    set -l lines (printf '%s\0' $known (string unescape -- "$last"; or echo "$last") | command $program __complete 2>/dev/null)
    set -l directive (string match -r '^:(\d+)$' -- $lines[-1])[2]
    test -n "$directive"; or return
    set -e lines[-1]

    # Values of a flag come without it.
    set -l flag (string match -r -- '^-[^=]*=' "$last")
    if test (count $lines) -gt 0
        printf '%s\n' "$flag"$lines
    else if test (math "bitand($directive, 16)") -ne 0
        set -l path (string replace -r -- '^-[^=]*=' '' "$last")
        printf '%s\n' "$flag"(__fish_complete_directories "$path")
    else if test (math "bitand($directive, 4)") -eq 0
        set -l before (string match -r -- '^.*=' "$last")
        set -l path (string replace -r -- '^.*=' '' "$last")
        printf '%s\n' "$before"(__fish_complete_path "$path")
    end
end

complete -c ksecret -e
complete -c ksecret -f -a '(__fish_ksecret_complete)'
