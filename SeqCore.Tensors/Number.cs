using System.Numerics;

namespace SeqCore;

/// <summary>Checks numbers that are arguments of operations.</summary>
internal static class Number
{
    /// <summary>Throws if an argument is too small, or NaN.</summary>
    internal static void AtLeast<T>(T least, T argument, string operation, string name) where T : INumber<T>
    {
        if (!(argument >= least))
            throw new ArgumentOutOfRangeException(name, argument, $"{operation}: {name} should be at least {least}.");
    }
}
