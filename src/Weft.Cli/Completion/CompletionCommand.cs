using System.CommandLine;
using Weft.Cli.Help;
using Weft.Cli.Hosting;

namespace Weft.Cli.Completion;

/// <summary><c>weft completion</c>: a script that lets a shell ask this program for what may come next.</summary>
/// <remarks>
/// The scripts hold no words of their own: they call <c>weft [suggest:POSITION] LINE</c>, which starts fast enough, so
/// completion knows every command, the labs and nodes that are up, and the endpoints of the node.
/// </remarks>
internal static class CompletionCommand
{
    private const string Bash =
        """
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
        """;

    private const string Zsh =
        """
        #compdef weft
        _weft() {
            local -a words_after
            words_after=("${(@f)$("${words[1]}" "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -- "${words_after[@]}"
        }
        if [ "${funcstack[1]}" = "_weft" ]; then
            _weft "$@"
        else
            compdef _weft weft
        fi
        """;

    private const string Fish =
        """
        function __weft_complete
            set -l line (commandline -cp)
            weft "[suggest:"(string length -- $line)"]" "$line" 2>/dev/null
        end
        complete -c weft -f -a '(__weft_complete)'
        """;

    public static Command Create(CommandFactory factory)
    {
        Argument<string> shell = new("shell") { HelpName = "SHELL", Description = "bash, zsh or fish" };
        shell.AcceptOneOf("bash", "zsh", "fish");
        WeftCommand command = new(
            "completion",
            "Prints a script that completes commands, nodes and endpoints in a shell.",
            new Example("source <(weft completion bash)", "for this session"),
            new Example("weft completion zsh > ~/.zfunc/_weft", "for good, in a directory of zsh's fpath"),
            new Example("weft completion fish > ~/.config/fish/completions/weft.fish", "for good"));
        command.Add(shell);
        factory.SetAction(command, invocation => invocation.Output.WriteLine(
            invocation.Parse.GetRequiredValue(shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                _ => Fish,
            }));
        return command;
    }
}
