using SeqCore.Samples.CharLanguageModel.Commands;
using SeqCore.Samples.CharLanguageModel.Output;

namespace SeqCore.Samples.CharLanguageModel;

/// <summary>The character language model: trains on a text, then writes more of it.</summary>
internal static class Program
{
    /// <summary>Exit code: done.</summary>
    internal const int Done = 0;

    /// <summary>Exit code: failed.</summary>
    internal const int Failed = 1;

    /// <summary>Exit code: wrong usage.</summary>
    internal const int Usage = 2;

    private static int Main(string[] arguments)
    {
        var terminal = new Terminal(Console.Out, Console.Error, !Console.IsOutputRedirected, !Console.IsErrorRedirected);
        using var interrupts = new Interrupts(Console.Error, !Console.IsErrorRedirected);
        return CommandLine.Run(arguments, terminal, interrupts.Token);
    }
}
