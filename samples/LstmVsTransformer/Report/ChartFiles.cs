using System.Text.RegularExpressions;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.LstmVsTransformer.Report;

/// <summary>The page's pictures as files of their own, named after their titles.</summary>
internal static partial class ChartFiles
{
    /// <summary>Writes them into the folder <c>figures</c>.</summary>
    internal static void Write(string folder, IEnumerable<LineChart> charts)
    {
        var figures = Directory.CreateDirectory(Path.Combine(folder, "figures")).FullName;
        foreach (var chart in charts)
            AtomicFile.WriteText(Path.Combine(figures, Name(chart.Title ?? "chart") + ".svg"), chart.ToSvg());
    }

    /// <summary>For example <c>remember-the-first-length-100-loss</c>.</summary>
    internal static string Name(string title) => Others().Replace(title.ToLowerInvariant(), "-").Trim('-');

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Others();
}
