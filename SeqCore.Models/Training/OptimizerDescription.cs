using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SeqCore.Models;

/// <summary>
/// The description of an optimizer in a checkpoint, beside its state, which is stored by position: its kind, its learning rate,
/// and the parameters that it has, so that no run continues with the averages of other parameters.
/// </summary>
internal static class OptimizerDescription
{
    private const string Part = "run.", Trained = Part + "trained", Names = Part + "trained_names";

    internal static Dictionary<string, string> Of(Module model, Optimizer optimizer, float learningRate)
    {
        var names = new Dictionary<Parameter, string>(ReferenceEqualityComparer.Instance);
        foreach (var (name, parameter) in model.NamedParameters())
            names.Add(parameter, name);
        var all = string.Join('\n', optimizer.Groups.Select(g => string.Join(',', g.Parameters.Select(p => names[p]))));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..8];
        return new()
        {
            [Part + "learning_rate"] = learningRate.ToString("R", CultureInfo.InvariantCulture),
            [Part + "optimizer"] = optimizer.GetType().Name,
            [Names] = all,
            [Trained] = string.Create(CultureInfo.InvariantCulture,
                $"{optimizer.Groups.Sum(g => g.Parameters.Count)} of {names.Count} parameters, list {hash}"),
        };
    }

    /// <summary>Requires that a checkpoint belongs to the same optimizer; older checkpoints do not describe it.</summary>
    /// <exception cref="CheckpointException">
    /// The checkpoint belongs to another optimizer; the message names the differences.
    /// </exception>
    internal static void Require(CheckpointData checkpoint, IReadOnlyDictionary<string, string> expected)
    {
        var differences = expected
            .Where(e => e.Key != Names && checkpoint.Values.TryGetValue(e.Key, out var found) && found != e.Value)
            .Select(e => $"{e.Key[Part.Length..].Replace('_', ' ')} was {checkpoint.Values[e.Key]} and is {e.Value} here"
                + (e.Key == Trained ? Others(checkpoint.Values.GetValueOrDefault(Names), expected[Names]) : ""))
            .ToList();
        if (differences.Count > 0)
        {
            throw new CheckpointException($"{checkpoint.Source} cannot continue with this optimizer: "
                + $"{string.Join("; ", differences)}. Hint: make the optimizer as it was and change it after Resume; or, to train"
                + " other parameters or in another way from here on, start a new run in another folder, with a model loaded from"
                + " this one.")
            { IsFromAnotherRun = true };
        }
    }

    /// <summary>Returns the parameters that were added and removed; empty if an older checkpoint does not name them.</summary>
    private static string Others(string? there, string here)
    {
        if (there is null)
            return "";
        string[] before = Split(there), now = Split(here);
        List<string> parts = [];
        if (now.Except(before).ToList() is { Count: > 0 } more)
            parts.Add($"{Listed(more)} added");
        if (before.Except(now).ToList() is { Count: > 0 } gone)
            parts.Add($"{Listed(gone)} removed");
        return $" ({(parts.Count > 0 ? string.Join("; ", parts) : "in another order or other groups")})";

        static string[] Split(string names) => names.Split([',', '\n'], StringSplitOptions.RemoveEmptyEntries);

        static string Listed(List<string> names) =>
            string.Join(", ", names.Take(3)) + (names.Count > 3 ? $" and {names.Count - 3} more" : "");
    }
}
