using System.Globalization;
using System.Text;

namespace SeqCore.Models;

/// <summary>Formats a module's parameters as a table.</summary>
internal static class ModuleSummary
{
    internal static string Of(Module module)
    {
        var first = new Dictionary<Parameter, string>(ReferenceEqualityComparer.Instance);
        var rows = new List<string[]> { new[] { "parameter", "module", "shape", "count" } };
        foreach (var (name, parameter, owner, _) in module.Entries(""))
        {
            var isNew = first.TryAdd(parameter, name);
            rows.Add([name, owner.Kind, isNew ? parameter.Shape.ToString() : "= " + first[parameter],
                Count(parameter, isNew)]);
        }

        var megabytes = (module.ParameterCount * sizeof(float) / 1e6).ToString("0.0##", CultureInfo.InvariantCulture);
        rows.Add(["total", module.Kind, $"{megabytes} MB", Number(module.ParameterCount)]);
        return Layout(rows);
    }

    /// <summary>Lists a module and its parts, indented by their depth.</summary>
    internal static string Tree(Module module)
    {
        var text = new StringBuilder();
        Add("", module, 0);
        return text.ToString();

        void Add(string name, Module part, int depth)
        {
            if (depth > 0)
                text.Append('\n').Append(' ', 2 * depth).Append(name).Append(": ");
            text.Append(part.Kind);
            var count = part.Parameters().Sum(p => (long)p.Shape.ElementCount);
            if (count > 0)
                text.Append(", ").Append(Number(count)).Append(count == 1 ? " parameter" : " parameters");
            foreach (var (childName, child) in part.Children)
                Add(childName, child, depth + 1);
        }
    }

    /// <summary>A shared parameter counts once, and a buffer is no parameter: so the rows add up to the total.</summary>
    private static string Count(Parameter parameter, bool isNew) =>
        parameter.IsBuffer ? "buffer" : Number(isNew ? parameter.Value.ElementCount : 0);

    private static string Layout(List<string[]> rows)
    {
        var widths = Enumerable.Range(0, 4).Select(c => rows.Max(r => r[c].Length)).ToArray();
        var rule = new string('-', widths.Sum() + 6);
        var text = new StringBuilder();
        for (var i = 0; i < rows.Count; i++)
        {
            var r = rows[i];
            if (i == 1 || i == rows.Count - 1)
                text.Append(rule).Append('\n');
            text.Append(r[0].PadRight(widths[0])).Append("  ").Append(r[1].PadRight(widths[1])).Append("  ")
                .Append(r[2].PadRight(widths[2])).Append("  ").Append(r[3].PadLeft(widths[3])).Append('\n');
        }

        return text.ToString();
    }

    private static string Number(long n) => n.ToString("N0", CultureInfo.InvariantCulture);
}
