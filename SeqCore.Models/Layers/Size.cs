namespace SeqCore.Models;

/// <summary>Checks sizes and counts.</summary>
internal static class Size
{
    internal static int Check(int value, string owner, string name, int least = 1) =>
        value >= least
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{owner}: {name} should be at least {least}.");
}
