using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>What a step did to each layer, for people.</summary>
internal static class LayerTable
{
    /// <summary>Writes a line for each parameter; nothing where nothing was logged.</summary>
    public static void Write(LayersLogged? layers, Terminal terminal)
    {
        if (layers is not { } logged)
            return;
        var width = logged.Parameters.Max(p => p.Name.Length);
        terminal.Pair("layers", $"at iteration {Show.Count(logged.Step)}; all records are in metrics.jsonl");
        terminal.Line($"  {"parameter".PadRight(width)}  gradient norm  weight norm  update / weight");
        foreach (var p in logged.Parameters)
        {
            terminal.Line($"  {p.Name.PadRight(width)}  {Number(p.GradientNorm),13}  {Number(p.WeightNorm),11}"
                + $"  {Number(p.UpdateRatio),15}");
        }
    }

    private static string Number(double value) =>
        double.IsFinite(value) ? value.ToString("0.00e+0", CultureInfo.InvariantCulture) : "-";
}
