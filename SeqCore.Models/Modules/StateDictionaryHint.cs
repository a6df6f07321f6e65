namespace SeqCore.Models;

/// <summary>Finds out why a state dictionary does not fit a module, for the hint of the error.</summary>
/// <param name="module">The module that loads.</param>
/// <param name="used">The naming that it loads with; null for the names of its parts.</param>
/// <param name="state">The values by their names in that naming.</param>
/// <param name="weights">The weights of the module.</param>
internal sealed class StateDictionaryHint(Module module, WeightNames? used, IReadOnlyDictionary<string, Tensor> state,
    List<NamedWeight> weights)
{
    /// <summary>Returns the hint; null for none in particular.</summary>
    internal string? Text()
    {
        var names = weights.Select(w => w.Name).ToHashSet();
        var given = weights.Where(w => state.ContainsKey(w.Name)).ToList();
        var present = given.Select(w => (w.Parameter, w.Start)).ToHashSet();
        var missing = weights.Where(w => !present.Contains((w.Parameter, w.Start))).ToList();
        string[] unexpected = [.. state.Keys.Where(k => !names.Contains(k))];
        return missing.Count + unexpected.Length == 0
            ? OfValues(given)
            : OfTables() ?? (unexpected.Length > 0 ? OfPrefix(unexpected, missing, names) : OfTiedWeights(missing));
    }

    /// <summary>Returns the hint if all unexpected names have a prefix that names here lack, or lack one.</summary>
    private static string? OfPrefix(string[] unexpected, List<NamedWeight> missing, HashSet<string> names)
    {
        if (Prefixes(unexpected[0]).FirstOrDefault(p => Array.TrueForAll(unexpected,
            u => u.StartsWith(p, StringComparison.Ordinal) && names.Contains(u[p.Length..]))) is { } more)
        {
            return $"the names have the prefix '{more}' there; to remove it, pass n => n[\"{more}\".Length..].";
        }

        return missing.Count > 0
            && Prefixes(missing[0].Name).FirstOrDefault(p => Array.TrueForAll(unexpected, u => names.Contains(p + u))) is { } less
                ? $"the names lack the prefix '{less}' there; to add it, pass n => \"{less}\" + n."
                : null;
    }

    private static IEnumerable<string> Prefixes(string name)
    {
        for (var dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1))
            yield return name[..(dot + 1)];
    }

    private string? OfTiedWeights(List<NamedWeight> missing) => module.TiesWeights == false
        && missing.TrueForAll(w => module.Children.Any(c => c.Key == "head" && c.Value.Parameters().Contains(w.Parameter)))
            ? "was it saved by a model whose head has the weights of the embedding? Then set TieWeights = true."
            : null;

    /// <summary>Returns the hint if all names are those that are expected.</summary>
    private string? OfValues(List<NamedWeight> given)
    {
        var wrong = given.Where(w => !state[w.Name].Shape.Equals(w.Value.Shape)).ToList();
        if (wrong.Count == 0)
        {
            return module.TiesWeights == true
                ? "was it saved by a model whose head has weights of its own? Then set TieWeights = false."
                : null;
        }

        var others = Others();
        return others.Count > 0 && wrong.TrueForAll(w => w.Value.Shape.Rank == 2 && state[w.Name].Shape.Rank == 2
            && state[w.Name].Transpose().Shape.Equals(w.Value.Shape))
                ? $"its matrices are transposed; pass {Listed(others)}."
                : null;
    }

    /// <summary>Returns the hint if the names are those of other tables.</summary>
    private string? OfTables()
    {
        if (used is not null && state.Keys.All(used.Knows))
            return null;
        var others = Others();
        return others.Count > 0
            ? $"these are the names of {string.Join(" or ", others.Select(o => o.Table.Format))}; pass {Listed(others)}."
            : null;
    }

    private List<(string Name, WeightNames Table)> Others() => state.Count == 0
        ? []
        : [.. TransformerNames.Of(module).Where(t => t.Table != used && state.Keys.All(t.Table.Knows))];

    private static string Listed(List<(string Name, WeightNames Table)> tables) =>
        string.Join(" or ", tables.Select(t => $"{nameof(TransformerNames)}.{t.Name}"));
}
