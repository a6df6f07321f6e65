using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// A module that can be recreated from a file: it knows its options and its tokenizers, and saves them with its weights. A custom
/// model derives from it to have <see cref="Save"/>, and <see cref="ModelFile.Load{TModel}"/> recreates it.
/// </summary>
/// <example>
/// <code>
/// using var model = new Scorer();
/// model.Save("scorer.safetensors");
/// using var loaded = ModelFile.Load("scorer.safetensors", nameof(Scorer), _ => new Scorer());
///
/// internal sealed class Scorer : Model
/// {
///     private readonly Linear layer;
///
///     public Scorer() => layer = Register("layer", new Linear(16, 1, new RandomGenerator(seed: 1)));
///
///     public Variable Forward(Variable x) => layer.Forward(x).Sigmoid();
/// }
/// </code>
/// </example>
public abstract class Model : Module
{
    /// <summary>
    /// The name of this kind of model in files, such as <c>gpt</c>, by default the name of the class; a file of another kind is
    /// not loaded.
    /// </summary>
    public virtual string FileKind => GetType().Name;

    /// <summary>The backend that holds the weights, on which the model computes.</summary>
    /// <exception cref="InvalidOperationException">The model has no parameters.</exception>
    public Backend Backend => Parameters().FirstOrDefault()?.Value.Backend ?? throw new InvalidOperationException(
        $"{Kind}.Backend: the model has no parameters. Hint: register its layers, as in layer = Register(\"layer\", new Linear"
            + "(...)).");

    /// <summary>The options that the model was made with, as a JSON object; override it if the model has any.</summary>
    protected internal virtual string OptionsJson => "{}";

    /// <summary>
    /// The values of options that a file lacks because it was written before these options existed, as a JSON object.
    /// </summary>
    internal virtual string DefaultOptionsJson => "{}";

    /// <summary>
    /// The tokenizers to be saved, each under a unique name: <c>tokenizer</c>, or <c>source_tokenizer</c> and so on.
    /// </summary>
    protected internal virtual IEnumerable<KeyValuePair<string, Tokenizer>> Tokenizers => [];

    /// <summary>
    /// Saves options, tokenizers and weights in one safetensors file, which <c>Load</c> of the model's class reads, with a
    /// checksum that detects damage. An earlier file stays whole until the new one is.
    /// </summary>
    /// <param name="path">
    /// The path of the file; or of a folder, which is created if necessary, for a file <c>model.safetensors</c> in it.
    /// </param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public void Save(string path) => ModelFile.Write(this, path);

    /// <summary>Checks that a tokenizer has as many tokens as the model.</summary>
    private protected Tokenizer? Fitting(Tokenizer? tokenizer, int vocabularySize, string name)
    {
        if (tokenizer is not null && tokenizer.Count != vocabularySize)
        {
            throw new ArgumentException($"{Kind}: {name} should have as many tokens as the model, {vocabularySize};"
                + $" got {tokenizer.Count}.", name);
        }

        return tokenizer;
    }
}
