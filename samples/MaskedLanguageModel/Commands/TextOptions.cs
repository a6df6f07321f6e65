using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Samples.MaskedLanguageModel.Stories;

namespace SeqCore.Samples.MaskedLanguageModel.Commands;

/// <summary>Which text.</summary>
internal sealed class TextOptions()
    : DataOptions("text", "A UTF-8 text of your own.", BuiltIn, [DataSet.TinyShakespeare, DataSet.IrishAbc])
{
    private const string BuiltIn = "stories";

    /// <summary>Reads the text.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="terminal">Told of a download.</param>
    /// <param name="cancellation">Ends a download.</param>
    /// <exception cref="DataSourceException">It cannot be had or used.</exception>
    public string Read(ParseResult result, Terminal terminal, CancellationToken cancellation)
    {
        var path = Locate(result, terminal, cancellation);
        var text = path is null ? StoryTeller.Book() : TextFile.Read(path);
        return string.IsNullOrWhiteSpace(text)
            ? throw new DataSourceException($"Text file '{path}' is empty. Give a text with some thousands of words.")
            : text;
    }
}
