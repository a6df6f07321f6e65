using System.Numerics;
using System.Runtime.CompilerServices;

namespace SeqCore.Models;

/// <summary>Checks arguments, also in expressions: each method returns the argument or throws.</summary>
internal static class Argument
{
    /// <summary>Requires that an argument is not null.</summary>
    internal static T NotNull<T>(T argument, [CallerArgumentExpression(nameof(argument))] string? name = null) where T : class
    {
        ArgumentNullException.ThrowIfNull(argument, name);
        return argument;
    }

    /// <summary>Requires that neither a list nor any of its items is null, and returns the items.</summary>
    internal static IReadOnlyList<T> NoNulls<T>(IEnumerable<T> items, string owner, string name) where T : class
    {
        ArgumentNullException.ThrowIfNull(items, name);
        T[] all = [.. items];
        var missing = Array.FindIndex(all, item => item is null);
        return missing < 0 ? all : throw new ArgumentException($"{owner}: item {missing} of {name} is null.", name);
    }

    /// <summary>Requires a member of an enumeration: a number cast to one may be none of its members.</summary>
    internal static T Defined<T>(T argument, string owner, string name) where T : struct, Enum =>
        Enum.IsDefined(argument)
            ? argument
            : throw new ArgumentOutOfRangeException(name, argument,
                $"{owner}: there is no such {name}; the values are {string.Join(", ", Enum.GetNames<T>())}.");

    /// <summary>Requires a size or count that is not too small.</summary>
    internal static T AtLeast<T>(T argument, string owner, string name, int minimum = 1) where T : IBinaryInteger<T> =>
        argument >= T.CreateChecked(minimum)
            ? argument
            : throw new ArgumentOutOfRangeException(name, argument, $"{owner}: {name} should be at least {minimum}.");

    /// <summary>Requires a number that is not too large.</summary>
    internal static T AtMost<T>(T argument, string owner, string name, T maximum) where T : INumber<T> =>
        argument <= maximum
            ? argument
            : throw new ArgumentOutOfRangeException(name, argument, $"{owner}: {name} should be at most {maximum}.");

    /// <summary>Requires a probability in [0, 1).</summary>
    internal static float Probability(float argument, string owner, string name) =>
        argument >= 0f && argument < 1f
            ? argument
            : throw new ArgumentOutOfRangeException(name, argument, $"{owner}: {name} should be in [0, 1).");

    /// <summary>Requires a probability in (0, 1).</summary>
    internal static double OpenProbability(double argument, string owner, string name) =>
        argument > 0 && argument < 1
            ? argument
            : throw new ArgumentOutOfRangeException(name, argument, $"{owner}: {name} should be in (0, 1).");

    /// <summary>Requires probabilities in (0, 1), at least one, each above the one before.</summary>
    internal static IReadOnlyList<double> Increasing(IReadOnlyList<double> argument, string owner, string name)
    {
        ArgumentNullException.ThrowIfNull(argument, name);
        for (var i = 0; i < argument.Count; i++)
        {
            if (OpenProbability(argument[i], owner, name) is var p && i > 0 && p <= argument[i - 1])
                throw new ArgumentException($"{owner}: {name} should increase; {p} follows {argument[i - 1]}.", name);
        }

        return argument.Count > 0 ? argument : throw new ArgumentException($"{owner}: {name} should not be empty.", name);
    }

    /// <summary>Requires a finite number that is at least 0.</summary>
    internal static T NotNegative<T>(T argument, string owner, string name) where T : IFloatingPoint<T> =>
        argument >= T.Zero && T.IsFinite(argument)
            ? argument
            : throw new ArgumentOutOfRangeException(name, argument, $"{owner}: {name} should be finite and at least 0.");

    /// <summary>Requires a finite number above 0.</summary>
    internal static T Positive<T>(T argument, string owner, string name) where T : IFloatingPoint<T> =>
        argument > T.Zero && T.IsFinite(argument)
            ? argument
            : throw new ArgumentOutOfRangeException(name, argument, $"{owner}: {name} should be finite and above 0.");

    /// <summary>Requires a finite number.</summary>
    internal static T Finite<T>(T argument, string owner, string name) where T : IFloatingPoint<T> =>
        T.IsFinite(argument)
            ? argument
            : throw new ArgumentOutOfRangeException(name, argument, $"{owner}: {name} should be finite.");
}
