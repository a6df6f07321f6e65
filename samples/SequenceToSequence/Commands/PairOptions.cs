using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Samples.SequenceToSequence.Data;

namespace SeqCore.Samples.SequenceToSequence.Commands;

/// <summary>Which pairs.</summary>
internal sealed class PairOptions()
    : DataOptions("set of pairs", "Pairs of your own, in UTF-8: on each line a text, a tab, and what becomes of it.", BuiltIn,
        [.. PairSet.All.Select(s => s.Source)])
{
    private const string BuiltIn = "dates";

    /// <summary>Whether tokens are words where nothing else is asked for.</summary>
    public bool AreWords(ParseResult result) => Set(result) is { AreWords: true };

    /// <summary>Reads the pairs.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="terminal">Told of a download.</param>
    /// <param name="cancellation">Ends a download.</param>
    /// <exception cref="DataSourceException">They cannot be had or used.</exception>
    public PairCorpus Load(ParseResult result, Terminal terminal, CancellationToken cancellation)
    {
        if (Set(result) is { } known)
            return Corpus(known.Read(terminal, cancellation), $"The data set {known.Name}", terminal);
        return Locate(result, terminal, cancellation) is { } path
            ? Corpus(PairFile.ReadTabSeparated(path), $"The file '{path}'", terminal)
            : new PairCorpus(Dates.All(), $"The data set {BuiltIn}");
    }

    private static PairCorpus Corpus(PairLines lines, string name, Terminal terminal)
    {
        if (lines.Empty > 0)
        {
            terminal.Error.WriteLine($"{name}: {Show.Count(lines.Empty)} {(lines.Empty == 1 ? "pair" : "pairs")} with an empty"
                + " side left out.");
        }

        return new PairCorpus(lines.Pairs, name);
    }

    private PairSet? Set(ParseResult result) => IsFile(result) ? null : PairSet.All.FirstOrDefault(s => s.Name == Name(result));
}
