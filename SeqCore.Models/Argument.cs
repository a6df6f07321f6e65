using System.Numerics;
using System.Runtime.CompilerServices;

namespace SeqCore.Models;

/// <summary>Checks of arguments where there is no place for a statement.</summary>
internal static class Argument
{
    /// <returns>The argument.</returns>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    internal static T NotNull<T>(T argument, [CallerArgumentExpression(nameof(argument))] string? name = null) where T : class
    {
        ArgumentNullException.ThrowIfNull(argument, name);
        return argument;
    }

    /// <returns>The items of a list.</returns>
    /// <exception cref="ArgumentNullException">The list is null.</exception>
    /// <exception cref="ArgumentException">One of its items is, and the message names its place.</exception>
    internal static IReadOnlyList<T> NoNulls<T>(IEnumerable<T> items, string owner, string name) where T : class
    {
        ArgumentNullException.ThrowIfNull(items, name);
        T[] all = [.. items];
        var missing = Array.FindIndex(all, item => item is null);
        return missing < 0 ? all : throw new ArgumentException($"{owner}: item {missing} of {name} is null.", name);
    }

    /// <returns>The argument.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, infinite or NaN.</exception>
    internal static T NotNegative<T>(T argument, string owner, string name) where T : IFloatingPoint<T> =>
        argument >= T.Zero && T.IsFinite(argument)
            ? argument
            : throw new ArgumentOutOfRangeException(name, argument, $"{owner}: {name} should be finite and at least 0.");

    /// <returns>The argument.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is 0, negative, infinite or NaN.</exception>
    internal static T Positive<T>(T argument, string owner, string name) where T : IFloatingPoint<T> =>
        argument > T.Zero && T.IsFinite(argument)
            ? argument
            : throw new ArgumentOutOfRangeException(name, argument, $"{owner}: {name} should be finite and above 0.");

    /// <returns>The argument.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is infinite or NaN.</exception>
    internal static T Finite<T>(T argument, string owner, string name) where T : IFloatingPoint<T> =>
        T.IsFinite(argument)
            ? argument
            : throw new ArgumentOutOfRangeException(name, argument, $"{owner}: {name} should be finite.");
}
