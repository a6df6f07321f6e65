using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SeqCore.Models;

/// <summary>
/// What a checkpoint says of the optimizer beside its state, which is kept by position: its kind, its learning rate, and which
/// parameters it has, so that no run goes on with the averages of others.
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

    /// <summary>Makes sure that a checkpoint is of the same optimizer; older ones do not say.</summary>
    /// <exception cref="CheckpointException">It is of another one; the message says in what.</exception>
    internal static void Require(CheckpointData checkpoint, IReadOnlyDictionary<string, string> expected)
    {
        var differences = expected
            .Where(e => e.Key != Names && checkpoint.Values.TryGetValue(e.Key, out var found) && found != e.Value)
            .Select(e => $"{e.Key[Part.Length..].Replace('_', ' ')} was {checkpoint.Values[e.Key]} and is {e.Value} here"
                + (e.Key == Trained ? Others(checkpoint.Values.GetValueOrDefault(Names), expected[Names]) : ""))
            .ToList();
        if (differences.Count > 0)
        {
            throw new CheckpointException($"{checkpoint.Source} cannot go on with this optimizer: "
                + $"{string.Join("; ", differences)}. Hint: make the optimizer as it was and change it after Resume; or, to train"
                + " other parameters or in another way from here on, begin a new run in another folder, with a model loaded from"
                + " this one.")
            { IsOfAnotherRun = true };
        }
    }

    /// <summary>Which parameters came and went; nothing where an older checkpoint does not name them.</summary>
    private static string Others(string? there, string here)
    {
        if (there is null)
            return "";
        string[] before = Split(there), now = Split(here);
        List<string> parts = [];
        if (now.Except(before).ToList() is { Count: > 0 } more)
            parts.Add($"{Listed(more)} came in");
        if (before.Except(now).ToList() is { Count: > 0 } gone)
            parts.Add($"{Listed(gone)} went out");
        return $" ({(parts.Count > 0 ? string.Join("; ", parts) : "in another order or other groups")})";

        static string[] Split(string names) => names.Split([',', '\n'], StringSplitOptions.RemoveEmptyEntries);

        static string Listed(List<string> names) =>
            string.Join(", ", names.Take(3)) + (names.Count > 3 ? $" and {names.Count - 3} more" : "");
    }
}
