function __weft_complete
    set -l line (commandline -cp)
    weft "[suggest:"(string length -- $line)"]" "$line" 2>/dev/null
end
complete -c weft -f -a '(__weft_complete)'
