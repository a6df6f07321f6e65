using System.Globalization;
using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>The form of a model as a checkpoint tells it.</summary>
/// <param name="configuration">Of the run.</param>
/// <param name="path">Of the checkpoint.</param>
public sealed class SavedForm(IReadOnlyDictionary<string, string> configuration, string path)
{
    /// <summary>All that the run was asked for.</summary>
    public IReadOnlyDictionary<string, string> Configuration => configuration;

    /// <summary>A value.</summary>
    /// <exception cref="CheckpointException">It is not there, so that the checkpoint is not one of this program.</exception>
    public string Text(string name) => configuration.GetValueOrDefault(name)
        ?? throw new CheckpointException($"Checkpoint '{path}' belongs to another program: its configuration has no '{name}'. Name a checkpoint that the train command wrote.");

    /// <summary>One of some words.</summary>
    /// <exception cref="CheckpointException">It is not.</exception>
    public string Choice(string name, params string[] words) => words.Contains(Text(name)) ? Text(name)
        : throw new CheckpointException($"Checkpoint '{path}' belongs to another program: its '{name}' is '{Text(name)}', not {string.Join(" or ", words)}. Name a checkpoint that the train command wrote.");

    /// <summary>A number.</summary>
    /// <exception cref="CheckpointException">It is not.</exception>
    public float Number(string name) => float.TryParse(Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw Wrong(name, "a number");

    /// <summary>A whole number.</summary>
    /// <exception cref="CheckpointException">It is not.</exception>
    public int Whole(string name) => int.TryParse(Text(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : throw Wrong(name, "a whole number");

    /// <summary>What can be made of the whole.</summary>
    /// <exception cref="CheckpointException">A value does not fit.</exception>
    public T Make<T>(Func<SavedForm, T> make)
    {
        try
        {
            return make(this);
        }
        catch (ArgumentException wrong)
        {
            throw new CheckpointException($"Checkpoint '{path}': {wrong.Message}", wrong);
        }
    }

    /// <summary>Whether something can be made of it.</summary>
    public bool Fits<T>(Func<SavedForm, T> make)
    {
        try
        {
            Make(make);
            return true;
        }
        catch (CheckpointException)
        {
            return false;
        }
    }

    private CheckpointException Wrong(string name, string expected) =>
        new($"Checkpoint '{path}': '{name}' should be {expected} but is '{Text(name)}'. Name a checkpoint that the train command wrote.");
}
