using SeqCore.Samples.Common;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>Checks the files that a command is to write, before any long work is done for them.</summary>
internal static class OutputPaths
{
    /// <summary>Requires that the files can be written, are different, and are none of those that the command reads.</summary>
    /// <param name="outputs">The options that name files to write, and their values; null for none.</param>
    /// <param name="inputs">The options that name files to read, and their values; null for none.</param>
    /// <exception cref="UserException">One of them cannot be written, or would replace another.</exception>
    public static void Require(IReadOnlyList<(string Option, string? Path)> outputs,
        IReadOnlyList<(string Option, string? Path)> inputs)
    {
        var taken = inputs.Where(i => i.Path is not null).ToDictionary(i => Path.GetFullPath(i.Path!), i => i.Option);
        foreach (var (option, path) in outputs)
        {
            if (path is null)
                continue;
            if (taken.TryGetValue(Path.GetFullPath(path), out var other))
            {
                throw new UserException($"{option}: '{path}' is the file of {other} too. Name another file, so that neither is"
                    + " overwritten.", isUsage: true);
            }

            taken[Path.GetFullPath(path)] = option;
        }

        foreach (var (option, path) in outputs)
            OptionKinds.RequireWritable(path, option);
    }
}
