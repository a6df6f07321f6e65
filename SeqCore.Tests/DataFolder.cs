using System.Text.Json;

namespace SeqCore.Tests;

/// <summary>The folder of data sets that SEQCORE_DATA names, which tests against published files and figures need.</summary>
internal static class DataFolder
{
    /// <summary>Returns the path of a file in the folder; skips the test if it is not there.</summary>
    internal static string Path(params ReadOnlySpan<string> parts)
    {
        var folder = Environment.GetEnvironmentVariable("SEQCORE_DATA");
        var path = System.IO.Path.Combine([folder ?? "", .. parts]);
        if (folder is null || !File.Exists(path))
            Assert.Skip($"the folder SEQCORE_DATA ({folder ?? "not set"}) has no {string.Join('/', parts.ToArray())}");
        return path;
    }

    internal static JsonElement Json(params ReadOnlySpan<string> parts)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path(parts)));
        return document.RootElement.Clone();
    }
}
