using System.Numerics;

namespace SeqCore.Samples.CharLanguageModel.Tunes;

/// <summary>An exact positive or zero fraction in lowest terms: the length of a note or bar, where 1 is a semibreve.</summary>
internal readonly record struct Fraction : IComparable<Fraction>
{
    private readonly BigInteger denominatorLessOne;

    /// <summary>A fraction.</summary>
    public Fraction(BigInteger numerator, BigInteger denominator)
    {
        if (numerator.Sign < 0 || denominator.Sign <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(denominator),
                $"{numerator}/{denominator} is not the length of anything.");
        }

        var common = BigInteger.GreatestCommonDivisor(numerator, denominator);
        Numerator = numerator / common;
        denominatorLessOne = denominator / common - 1;
    }

    /// <summary>Nothing.</summary>
    public static Fraction Zero => default;

    /// <summary>The upper number.</summary>
    public BigInteger Numerator { get; }

    /// <summary>The lower number, at least 1.</summary>
    public BigInteger Denominator => denominatorLessOne + 1;

    public static Fraction operator +(Fraction a, Fraction b) =>
        new(a.Numerator * b.Denominator + b.Numerator * a.Denominator, a.Denominator * b.Denominator);

    public static Fraction operator *(Fraction a, Fraction b) => new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    public static bool operator <(Fraction a, Fraction b) => a.CompareTo(b) < 0;

    public static bool operator >(Fraction a, Fraction b) => a.CompareTo(b) > 0;

    /// <inheritdoc/>
    public int CompareTo(Fraction other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    /// <inheritdoc/>
    public override string ToString() => Denominator.IsOne ? $"{Numerator}" : $"{Numerator}/{Denominator}";
}
