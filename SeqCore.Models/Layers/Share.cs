namespace SeqCore.Models;

/// <summary>Checks probabilities.</summary>
internal static class Share
{
    internal static float Check(float value, string owner, string name) =>
        value >= 0f && value < 1f
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{owner}: {name} should be in [0, 1).");
}
