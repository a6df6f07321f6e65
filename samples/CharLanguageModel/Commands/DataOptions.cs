using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.CharLanguageModel.Output;
using SeqCore.Samples.CharLanguageModel.Tunes;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>Which text.</summary>
internal sealed class DataOptions
{
    private const string BuiltIn = "tunes";
    private readonly Option<string?> data = OptionKinds.Text("--data", "A UTF-8 text of your own.", "FILE");
    private readonly Option<string?> set = OptionKinds.Text("--dataset", $"A named text: {Names}. [default: {BuiltIn}]", "NAME");

    private static string Names => string.Join(", ", DataSet.All.Select(s => s.Name).Prepend(BuiltIn));

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(data);
        command.Options.Add(set);
    }

    /// <summary>A short name of the text, for folders and titles; also checks that it is named once and, if it is a set, known.</summary>
    /// <exception cref="UserException">Both options, or an unknown set.</exception>
    public string Name(ParseResult result)
    {
        var (file, name) = (result.GetValue(data), result.GetValue(set));
        if (file is not null && name is not null)
            throw new UserException("--data and --dataset were both given; leave one out.", isUsage: true);
        if (file is not null)
            return Path.GetFileNameWithoutExtension(file);
        name ??= BuiltIn;
        if (name != BuiltIn && DataSet.All.All(s => s.Name != name))
            throw new UserException($"There is no data set '{name}'. Choose one of {Names}, or give a file of your own with --data.", isUsage: true);
        return name;
    }

    /// <summary>Reads the text.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="vocabulary">Of a trained model; null for the text's own.</param>
    /// <param name="terminal">Told of a download.</param>
    /// <param name="cancellation">Ends a download.</param>
    /// <exception cref="DataSourceException">It cannot be had or used.</exception>
    public TextCorpus Load(ParseResult result, CharacterVocabulary? vocabulary, Terminal terminal, CancellationToken cancellation)
    {
        var name = Name(result);
        if (result.GetValue(data) is { } file)
            return file.Length == 0 ? throw new UserException("--data should name a file; got ''.", isUsage: true) : TextCorpus.Load(file, vocabulary);
        if (name == BuiltIn)
            return new TextCorpus(TuneComposer.Book(), $"The data set {BuiltIn}", vocabulary);
        var known = DataSet.Named(name);
        var told = 0;
        var progress = new InlineProgress(share =>
        {
            if ((int)(share * 4) >= told)
                terminal.Line($"  downloading {known.Home.Host}: {25 * told++} %");
        });
        var path = new DataSetStore().LocateAsync(known, progress, cancellation).GetAwaiter().GetResult();
        return TextCorpus.Load(path, vocabulary);
    }

    /// <summary>Reports where the work is done; the system's own class would report later, on another thread.</summary>
    private sealed class InlineProgress(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
