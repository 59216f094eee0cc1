_weft() {
    local IFS=$'\n' line="${COMP_LINE:0:COMP_POINT}" current="${COMP_WORDS[COMP_CWORD]}" words before
    words=$("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
    COMPREPLY=($(compgen -W "${words}" -- "${line##* }"))
    # bash begins a word after ':' and '=' too, and wants only what follows them.
    [[ "${current}" == [:=] ]] && current=""
    before="${line##* }"
    COMPREPLY=("${COMPREPLY[@]#"${before%"${current}"}"}")
}
complete -F _weft weft
