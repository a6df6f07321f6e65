namespace SeqCore.Models;

// The weights of a module in a file.
public abstract partial class Module
{
    /// <summary>
    /// Saves the weights and buffers in a safetensors file with a checksum. It does not hold how the module is made: a
    /// <see cref="Model"/> saves that too. An earlier file stays whole until the new one is.
    /// </summary>
    /// <param name="path">The path of the file, in a folder that exists.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its folder may not be written.</exception>
    public void SaveWeights(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var scope = new TensorScope("weights");
        SafetensorsFile.Write(path, StateDictionary(), checksum: true);
    }

    /// <summary>
    /// Loads weights that <see cref="SaveWeights"/> wrote, or another program under the same names. Either everything fits and is
    /// copied, or nothing is.
    /// </summary>
    /// <param name="path">The path of the file.</param>
    /// <exception cref="StateDictionaryException">Names or shapes differ from the module's; the message lists them.</exception>
    /// <exception cref="CheckpointException">The file is a checkpoint of a <see cref="Trainer"/>.</exception>
    /// <exception cref="TensorFileException">The file is damaged, or not a safetensors file.</exception>
    /// <exception cref="IOException">The file does not exist, or cannot be read.</exception>
    public void LoadWeights(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var scope = new TensorScope("weights");
        using var file = SafetensorsFile.Open(path);
        if (file.Metadata.GetValueOrDefault("format") == CheckpointFile.Format)
        {
            throw new CheckpointException($"'{path}' is a checkpoint of a run, which holds more than weights. Load it as a model,"
                + " with the method Load of its class or ModelFile.Load.");
        }

        if (file.HasChecksum)
            file.VerifyChecksum();
        LoadStateDictionary(file.ReadAll(backend: Parameters().FirstOrDefault()?.Value.Backend));
    }
}
