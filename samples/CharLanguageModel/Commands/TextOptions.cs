using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.CharLanguageModel.Tunes;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>Which text.</summary>
internal sealed class TextOptions
{
    private const string BuiltIn = "tunes";
    private readonly DataOptions data = new("text", "A UTF-8 text of your own.", BuiltIn, [DataSet.TinyShakespeare, DataSet.IrishAbc]);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command) => data.AddTo(command);

    /// <summary>A short name of the text, for folders and titles; also checks that it is named once and, if it is a set, known.</summary>
    /// <exception cref="UserException">Both options, or an unknown set.</exception>
    public string Name(ParseResult result) => data.Name(result);

    /// <summary>Reads the text.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="vocabulary">Of a trained model; null for the text's own.</param>
    /// <param name="terminal">Told of a download.</param>
    /// <param name="cancellation">Ends a download.</param>
    /// <exception cref="DataSourceException">It cannot be had or used.</exception>
    public TextCorpus Load(ParseResult result, CharacterVocabulary? vocabulary, Terminal terminal, CancellationToken cancellation) =>
        data.Locate(result, terminal, cancellation) is { } path
            ? TextCorpus.Load(path, vocabulary)
            : new TextCorpus(TuneComposer.Book(), $"The data set {BuiltIn}", vocabulary);
}
