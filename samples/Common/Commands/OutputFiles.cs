using System.CommandLine;
namespace SeqCore.Samples.Common;

/// <summary>Makes sure that what a command writes does not replace what it reads.</summary>
public static class OutputFiles
{
    private static readonly string[] outputs = ["--output", "--page"];
    private static readonly string[] inputs = ["--data", "--labels", "--validation", "--test", "--from", "--checkpoint"];

    /// <summary>Checks the files that a command line names.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="model">The path of the model that is read; null for none.</param>
    /// <exception cref="UserException">A file to be written cannot be, or is read too, or two are the same.</exception>
    public static void Require(ParseResult result, string? model = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        var written = Given(result, outputs);
        var read = Given(result, inputs).Select(f => ($"the file of {f.Name}", (string?)f.Path)).Append(("the model", model));
        foreach (var (i, (name, path)) in written.Index())
        {
            if (written.Take(i).FirstOrDefault(w => IsSame(w.Path, path)).Name is { } twin)
            {
                throw new UserException($"{twin} and {name} are the same file, '{path}'. Give them different names.",
                    isUsage: true);
            }

            if (read.FirstOrDefault(r => IsSame(r.Item2, path)).Item1 is { } source)
                throw new UserException($"{name} would overwrite {source}, '{path}'. Name another file.", isUsage: true);

            OptionKinds.RequireWritable(path, name);
        }
    }

    private static (string Name, string Path)[] Given(ParseResult result, string[] names) =>
        [.. result.CommandResult.Command.Options.Select(o => o.Name).Intersect(names).Where(result.IsGiven)
            .Select(n => (n, result.GetValue<string?>(n)!))];

    private static bool IsSame(string? one, string? other) =>
        one is not null && other is not null && Path.GetFullPath(one) == Path.GetFullPath(other);
}
