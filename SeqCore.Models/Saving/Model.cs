using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// A module that can be made again from a file: it knows its options and its tokenizers, and saves them with its weights. Derive
/// from it to give a model of your own <see cref="Save"/>, and make it again with <see cref="ModelFile.Load{TModel}"/>.
/// </summary>
public abstract class Model : Module
{
    /// <summary>
    /// The name of this kind of model in files, such as <c>gpt</c>; a file of another kind is not loaded. The name of the
    /// class unless overridden.
    /// </summary>
    public virtual string FileKind => GetType().Name;

    /// <summary>Where the weights are, and so where the model computes.</summary>
    public Backend Backend => Parameters().First().Value.Backend;

    /// <summary>The options that the model was made with, as a JSON object; override it where the model has any.</summary>
    protected internal virtual string OptionsJson => "{}";

    /// <summary>The options that a file lacks if it was written before there were such options, with their values.</summary>
    internal virtual string DefaultOptionsJson => "{}";

    /// <summary>
    /// The tokenizers to be saved, each under a name of its own: <c>tokenizer</c>, or <c>source_tokenizer</c> and so on.
    /// </summary>
    protected internal virtual IEnumerable<KeyValuePair<string, Tokenizer>> Tokenizers => [];

    /// <summary>
    /// Saves options, tokenizers and weights in one safetensors file, which <c>Load</c> of the model's class reads, with a
    /// checksum by which it notices damage. A file that was there stays whole until the new one is.
    /// </summary>
    /// <param name="path">Of the file; or of a folder, which is made if need be, for <c>model.safetensors</c> in it.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public void Save(string path) => ModelFile.Write(this, path);

    /// <summary>Checks that a tokenizer has as many tokens as the model knows.</summary>
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
