using System.Text.Json;
using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>
/// The runs of a study as JSON lines, each written when it is done, so that a study that was stopped continues with the runs that
/// are missing.
/// </summary>
/// <param name="path">The path of the file.</param>
/// <param name="configuration">The data and all options that the runs have in common, as <c>name=value; name=value</c>.</param>
/// <param name="unit">What a line is called in errors, such as "a run of an ablation".</param>
public sealed class RunFile(string path, string configuration, string unit)
{
    private const string ConfigurationName = "configuration";

    /// <summary>The path of the file.</summary>
    public string Path => path;

    /// <summary>Reads the runs that are there; none if there is no file.</summary>
    /// <param name="read">Takes the values of a run.</param>
    /// <exception cref="UserException">A line is not a run, or one of other data or options.</exception>
    public void Read(Action<JsonElement> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        if (!File.Exists(path))
            return;
        TextLine[] lines = [.. TextLines.Read(path)];
        foreach (var (text, number) in lines)
        {
            try
            {
                using var json = JsonDocument.Parse(text);
                RequireSame(json.RootElement.GetProperty(ConfigurationName).GetString() ?? "", number);
                read(json.RootElement);
            }
            catch (JsonException) when (number == lines.Length)
            {
                // A process that was killed left half a line; without it the file goes on as if that run had not begun.
                AtomicFile.WriteText(path, string.Concat(lines.SkipLast(1).Select(l => l.Text + "\n")));
            }
            catch (Exception foreign) when (foreign is JsonException or KeyNotFoundException or InvalidOperationException
                or FormatException)
            {
                throw new UserException($"{TextLines.Place(path, number)} is not {unit}: {foreign.Message} Delete the line, or"
                    + " choose another folder with --out.");
            }
        }
    }

    /// <summary>Writes a run.</summary>
    /// <param name="values">Its values.</param>
    public void Add(params IEnumerable<(string Name, object? Value)> values) =>
        File.AppendAllText(path, JsonLine.Of([.. values, (ConfigurationName, configuration)]) + "\n");

    private void RequireSame(string other, long number)
    {
        if (other == configuration)
            return;
        var own = configuration.Split("; ").ToHashSet(StringComparer.Ordinal);
        throw new UserException($"{TextLines.Place(path, number)} is a run with other data or options. Choose another folder"
            + $" with --out, or the same options again: {string.Join(", ", other.Split("; ").Where(o => !own.Contains(o)))}.");
    }
}
