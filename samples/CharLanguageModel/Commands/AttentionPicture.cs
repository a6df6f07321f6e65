using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>Draws what the characters of a text attend to, in each layer and head of a Transformer.</summary>
internal static class AttentionPicture
{
    /// <summary>The Transformer in a checkpoint.</summary>
    /// <exception cref="UserException">It holds another kind of model.</exception>
    public static Gpt Require(LanguageModel model) => model as Gpt
        ?? throw new UserException($"--attention: a model of the kind {ModelText.NameOf(model)} has no attention to show."
            + " Name a checkpoint of a gpt, or leave it out.", isUsage: true);

    /// <summary>Writes a page with a heat map for each layer and head.</summary>
    /// <param name="model">Reads the text.</param>
    /// <param name="tokenizer">Its characters.</param>
    /// <param name="text">
    /// Of which the last characters are shown, as many as there is room for and the model can look back on.
    /// </param>
    /// <param name="path">Of the page.</param>
    public static void Write(Gpt model, Tokenizer tokenizer, string text, string path)
    {
        var tokens = tokenizer.Encode(text);
        tokens = tokens[^Math.Min(tokens.Length,
            Math.Min(AttentionPage.MostWords, model.MaximumLength ?? AttentionPage.MostWords))..];
        var characters = Array.ConvertAll(tokens, t => tokenizer.Decode(t));
        using var scope = new TensorScope("attention");
        using var read = IndexTensor.FromSpan(tokens, [1, tokens.Length]);
        var layers = model.AttentionWeights(read).Select(w => w.Value.ToArray()).ToArray();
        var page = new AttentionPage("What each character attends to",
            "Each row is a character of the text and shows where it looks to predict the next one: at itself and at those before"
                + $" it. The last {characters.Length} characters of the text.");
        page.Add("Self-attention", layers, model.Options.HeadCount, characters, characters, "character",
            "attends to", isCausal: true);
        page.Save(path);
    }
}
