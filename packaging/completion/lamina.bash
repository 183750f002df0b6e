# Completion for vzctl, vzlist, vzpkg, vznetstat and lamina. The daemon knows commands, options, containers and
# templates; one short question per press of the key asks it.
_lamina() {
    local program=${COMP_WORDS[0]##*/} IFS=$'\n' words
    words=("${COMP_WORDS[@]:1:COMP_CWORD}")
    # Readline breaks words at "=" too; options are offered in their two-word form only.
    mapfile -t COMPREPLY < <(lamina complete "$program" "${words[@]}" 2>/dev/null)
    if [ "${COMPREPLY[*]-}" = FILE ]; then
        mapfile -t COMPREPLY < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")
        compopt -o filenames 2>/dev/null
    fi
    # A name may hold blanks.
    local i
    for i in "${!COMPREPLY[@]}"; do
        [ "${COMPREPLY[i]}" = "${COMPREPLY[i]// /}" ] || printf -v "COMPREPLY[i]" %q "${COMPREPLY[i]}"
    done
}
complete -F _lamina vzctl vzlist vzpkg vznetstat lamina
