namespace SeqCore.Samples.MaskedLanguageModel.Blanks;

/// <summary>A blank in a text, and what might stand there.</summary>
/// <param name="Place">Which token of the text.</param>
/// <param name="Guesses">Every token with its probability, the likeliest first.</param>
internal sealed record Blank(int Place, IReadOnlyList<(int Token, double Probability)> Guesses)
{
    /// <summary>The likeliest token.</summary>
    public int Best => Guesses[0].Token;

    /// <summary>Which guess a token is, from 1.</summary>
    public int RankOf(int token)
    {
        var rank = 1;
        while (Guesses[rank - 1].Token != token)
            rank++;
        return rank;
    }
}
