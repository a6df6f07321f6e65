namespace SeqCore.Tests.Models.Tokenizers;

/// <summary>Files of data sets that are not in the repository: tests that need one are skipped where it is missing.</summary>
internal static class SharedData
{
    /// <summary>Returns the path of a file in the folder that SEQCORE_DATA names.</summary>
    internal static string Require(string set, string file)
    {
        var folder = Environment.GetEnvironmentVariable("SEQCORE_DATA");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "SEQCORE_DATA is not set: there is no folder with data sets.");
        var path = Path.Combine(folder!, set, file);
        Assert.SkipUnless(File.Exists(path), $"SEQCORE_DATA has no {set}/{file}.");
        return path;
    }
}
