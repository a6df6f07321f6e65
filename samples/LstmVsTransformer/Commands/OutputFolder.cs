using System.CommandLine;
using SeqCore.Models;
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

    /// <summary>
    /// Makes the folder if it is not there, and takes it until the result is disposed: two programs would overwrite each other's
    /// results.
    /// </summary>
    /// <exception cref="CheckpointException">
    /// It cannot be made, or another program holds it; the message names its process.
    /// </exception>
    internal static IDisposable Take(string name) => new CheckpointFolder(name).Lock();
}
