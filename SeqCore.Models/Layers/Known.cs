namespace SeqCore.Models;

/// <summary>Checks kinds: a number cast to an enumeration may be none of its members.</summary>
internal static class Known
{
    internal static void Check<T>(T kind, string owner, string name) where T : struct, Enum
    {
        if (!Enum.IsDefined(kind))
        {
            throw new ArgumentOutOfRangeException(name, kind,
                $"{owner}: there is no such {name}; there are {string.Join(", ", Enum.GetNames<T>())}.");
        }
    }
}
