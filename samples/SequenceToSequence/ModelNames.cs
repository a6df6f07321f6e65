namespace SeqCore.Samples.SequenceToSequence;

/// <summary>Short names of models, by which a reader can tell them apart.</summary>
internal static class ModelNames
{
    /// <summary>
    /// The shortest ends of paths that no other path has; a file that is named several times has its number too.
    /// </summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> paths)
    {
        string[][] parts = [.. paths.Select(path => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))
            .Split(Path.DirectorySeparatorChar))];
        return [.. parts.Select(Name)];

        string Name(string[] own, int index)
        {
            var count = 1;
            while (count < own.Length && parts.Any(p => !p.SequenceEqual(own) && End(p, count) == End(own, count)))
                count++;
            var number = parts.Take(index + 1).Count(p => p.SequenceEqual(own));
            return End(own, count) + (parts.Count(p => p.SequenceEqual(own)) > 1 ? $" ({number})" : "");
        }
    }

    private static string End(string[] parts, int count) => string.Join('/', parts.TakeLast(count));
}
