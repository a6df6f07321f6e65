using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.LstmVsTransformer.Commands;

/// <summary>Where the page, the CSV and the JSON files go.</summary>
internal sealed class OutputFolder
{
    private readonly Option<string?> folder = OptionKinds.Text("--out",
        "Folder of the page, its pictures, and the CSV and JSON files. [default: runs/lstm-vs-transformer]", "DIR");

    /// <summary>Adds the option to a command.</summary>
    internal void AddTo(Command command) => command.Options.Add(folder);

    /// <summary>The folder.</summary>
    /// <exception cref="UserException">The name is empty.</exception>
    internal string Name(ParseResult result) => result.GetValue(folder) switch
    {
        null => Path.Combine(Runs.Folder, "lstm-vs-transformer"),
        "" => throw new UserException("--out should name a folder; got ''.", isUsage: true),
        var name => name,
    };

    /// <summary>The folder, made if it is not there.</summary>
    /// <exception cref="UserException">It cannot be made.</exception>
    internal string Make(ParseResult result)
    {
        var name = Name(result);
        try
        {
            Directory.CreateDirectory(name);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"The folder '{name}' cannot be made: {failure.Message} Choose another one with --out.");
        }

        return name;
    }
}
