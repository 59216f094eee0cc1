namespace Weft.Store;

/// <summary>The store cannot be used until a person does something; the message says what.</summary>
public class StoreException : Exception
{
    public StoreException(string message)
        : base(message)
    {
    }

    public StoreException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
