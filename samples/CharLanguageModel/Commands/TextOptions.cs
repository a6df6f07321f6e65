using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.CharLanguageModel.Tunes;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>Which text.</summary>
internal sealed class TextOptions()
    : DataOptions("text", "A UTF-8 text of your own.", BuiltIn, [DataSet.TinyShakespeare, DataSet.IrishAbc])
{
    private const string BuiltIn = "tunes";

    /// <summary>Reads the text.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="tokenizer">Of a trained model; null for the characters of the text.</param>
    /// <param name="terminal">Told of a download.</param>
    /// <param name="cancellation">Ends a download.</param>
    /// <exception cref="DataSourceException">It cannot be had or used.</exception>
    public TextCorpus Load(ParseResult result, Tokenizer? tokenizer, Terminal terminal, CancellationToken cancellation) =>
        Locate(result, terminal, cancellation) is { } path
            ? TextCorpus.Load(path, tokenizer)
            : new TextCorpus(TuneComposer.Book(), $"The data set {BuiltIn}", tokenizer);
}
