using System.CommandLine;
using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>The options that choose the data: a user's file, a named set, or the built-in data.</summary>
public class DataOptions
{
    private readonly string builtIn;
    private readonly IReadOnlyList<DataSet> sets;
    private readonly Option<string?> data;
    private readonly Option<string?> set;
    private string? recorded;

    /// <summary>Options for a kind of data.</summary>
    /// <param name="kind">What --help calls the data, such as "text".</param>
    /// <param name="file">The --help text of --data.</param>
    /// <param name="builtIn">The name of the data that the program makes itself.</param>
    /// <param name="sets">The named sets of this kind; several files of one set have one name.</param>
    public DataOptions(string kind, string file, string builtIn, IReadOnlyList<DataSet> sets)
    {
        this.builtIn = builtIn;
        this.sets = sets;
        data = OptionKinds.Path("--data", file, "FILE");
        set = OptionKinds.Text("--dataset", $"A named {kind}: {Names}. [default: {builtIn}]", "NAME");
    }

    private string Names => string.Join(", ", sets.Select(s => s.Name).Distinct().Prepend(builtIn));

    /// <summary>Adds the options to a command.</summary>
    public virtual void AddTo(Command command)
    {
        command.StartGroup("Data");
        command.Options.Add(data);
        command.Options.Add(set);
    }

    /// <summary>
    /// A short name of the data, for folders and titles; also checks that it is named once and, if it is a set, known.
    /// </summary>
    /// <exception cref="UserException">Both options, or an unknown set.</exception>
    public string Name(ParseResult result)
    {
        var (file, name) = (result.GetValue(data), result.GetValue(set));
        if (file is not null && name is not null)
            throw new UserException("--data and --dataset were both given; leave one out.", isUsage: true);
        if (file is not null)
            return Path.GetFileNameWithoutExtension(file);
        name ??= recorded ?? builtIn;
        if (name != builtIn && sets.All(s => s.Name != name))
        {
            throw new UserException($"There is no data set '{name}'."
                + $" Choose one of {Names}, or give a file of your own with --data.", isUsage: true);
        }

        return name;
    }

    /// <summary>Whether the command line names the data.</summary>
    public bool IsGiven(ParseResult result) => result.GetValue(data) is not null || result.GetValue(set) is not null;

    /// <summary>
    /// Where no data are named, takes those that a model was trained on instead of the built-in ones, and reports it.
    /// </summary>
    /// <param name="result">The command line.</param>
    /// <param name="source">The path of the model.</param>
    /// <param name="configuration">The configuration of the model's run; empty where it is unknown.</param>
    /// <param name="terminal">Shows which data are taken.</param>
    /// <exception cref="UserException">The data were a file, which has to be named.</exception>
    public virtual void TakeFrom(ParseResult result, string source, IReadOnlyDictionary<string, string> configuration,
        Terminal terminal)
    {
        if (IsGiven(result))
            return;
        if (!configuration.TryGetValue("data", out var name))
        {
            terminal.Error.WriteLine($"'{source}' does not record what it was trained on: using {builtIn}."
                + " Name other data with --data.");
        }
        else if (name == builtIn || sets.Any(s => s.Name == name))
        {
            recorded = name;
            terminal.Error.WriteLine($"Using the data that the model was trained on: {name}.");
        }
        else
        {
            throw new UserException($"'{source}' was trained on '{name}', a file. Name it with --data, or other data with --data"
                + " or --dataset.", isUsage: true);
        }
    }

    /// <summary>Whether the command line names a file.</summary>
    public bool IsFile(ParseResult result) => result.GetValue(data) is not null;

    /// <summary>The chosen file, downloaded first if necessary; null for the built-in data.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="terminal">Shows a download.</param>
    /// <param name="cancellation">Ends a download.</param>
    /// <exception cref="DataSourceException">The file is not available.</exception>
    public string? Locate(ParseResult result, Terminal terminal, CancellationToken cancellation)
    {
        var name = Name(result);
        if (result.GetValue(data) is { } file)
            return file;
        if (name == builtIn)
            return null;
        return Locate(sets.First(s => s.Name == name), terminal, cancellation);
    }

    /// <summary>The file of a named set, downloaded first if necessary.</summary>
    /// <exception cref="DataSourceException">The file is not available.</exception>
    public static string Locate(DataSet known, Terminal terminal, CancellationToken cancellation)
    {
        var reported = 0;
        var progress = new InlineProgress(share =>
        {
            if ((int)(share * 4) >= reported)
                terminal.Line($"  downloading {known.DownloadUri.Host}: {25 * reported++} %");
        });
        return new DataSetStore().LocateAsync(known, progress, cancellation).GetAwaiter().GetResult();
    }

    /// <summary>The file of a named set that has to be in the user's folder: it is not downloaded.</summary>
    /// <param name="known">The data set.</param>
    /// <param name="hint">Where the user finds the file.</param>
    /// <exception cref="DataSourceException">The file is not there.</exception>
    public static string LocateOwn(DataSet known, string hint)
    {
        var path = Path.Combine(new DataSetStore().UserFolder ?? "", known.Name, known.FileName);
        if (string.IsNullOrEmpty(new DataSetStore().UserFolder) || !File.Exists(path))
        {
            throw new DataSourceException($"Data set {known.Name}: put the file at {known.Name}/{known.FileName} in a folder of"
                + $" your own and name that folder in the environment variable SEQCORE_DATA. {hint}");
        }

        return path;
    }

    /// <summary>Reports on the calling thread; the system's own class would report later, on another thread.</summary>
    private sealed class InlineProgress(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
